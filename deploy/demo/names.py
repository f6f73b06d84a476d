"""How people in Spain are called and how often: what invented people draw their names from.

Weights are thousands of bearers, rounded by hand from the order of magnitude that the national statistics
office publishes (INE, «Apellidos y nombres más frecuentes»); only their proportions matter."""

import math
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product
from random import Random


class Lottery:
    """Words drawn as often as their weight says, written `García 1450, González 925`."""

    def __init__(self, weighted: str) -> None:
        pairs = [pair.split() for pair in weighted.split(",")]
        self.words = [" ".join(words) for *words, _ in pairs]
        self._bounds = list(accumulate(float(weight) for *_, weight in pairs))

    def draw(self, random: Random) -> str:
        """One word."""
        return self.words[bisect(self._bounds, random.random() * self._bounds[-1])]


@dataclass(frozen=True)
class Origin:
    """Where a family comes from: the names that are its own, and how often it uses them rather than the
    country's. `abroad`: people with an identity number for foreigners."""

    women: Lottery
    men: Lottery
    surnames: Lottery
    own_names: float
    own_surnames: float
    two_surnames: bool = True
    abroad: bool = False


WOMEN = Lottery("""
    María 600, María Carmen 630, Carmen 370, Ana 290, Ana María 270, Laura 265, Isabel 260, Josefa 255,
    María Pilar 250, María Dolores 240, María Teresa 235, Cristina 230, Marta 225, María Ángeles 220,
    Lucía 210, Francisca 200, Antonia 200, Elena 195, María José 193, Dolores 190, Sara 190, Paula 185,
    Raquel 160, María Isabel 205, Rosa María 165, María Luisa 165, Pilar 150, Concepción 150, Manuela 140,
    Mercedes 140, Julia 140, Alba 130, Beatriz 130, Nuria 130, Silvia 128, Irene 128, Patricia 125,
    Andrea 120, Teresa 120, Rocío 115, Rosario 115, Mónica 110, Juana 100, Alicia 100, Rosa 120,
    Montserrat 95, Marina 95, Sandra 95, Encarnación 90, Sonia 90, Ángela 90, Sofía 90, María Mar 85,
    Susana 85, Natalia 85, Claudia 85, Eva 85, Margarita 80, Yolanda 80, Inmaculada 75, María Rosario 75,
    Esther 75, Ana Isabel 70, Carla 70, Noelia 70, Verónica 70, Inés 70, Carolina 68, Nerea 68, Ángeles 65,
    María Victoria 65, Martina 65, Eva María 63, Daniela 60, Lorena 60, Ana Belén 60, María Elena 60,
    María Antonia 60, María Concepción 60, Gloria 58, Fátima 58, Clara 58, Luisa 55, Victoria 55, Lidia 55,
    Catalina 50, Adriana 50, Miriam 50, Olga 46, Celia 46, Consuelo 45, Virginia 44, Emilia 42, Milagros 42,
    Aurora 42, Gema 42, Amparo 42, Vanesa 42, Alejandra 41, Carlota 40, Ainhoa 40, Esperanza 40,
    Josefina 40, Magdalena 38, Blanca 38, Valeria 38, Lourdes 34, Purificación 34, Estefanía 34,
    Gabriela 32, Remedios 30, Begoña 30, Asunción 30, Emma 30, Aitana 30, Tamara 28, Rebeca 26, Noa 26,
    Vicenta 25, Diana 25, Leire 22, Jimena 22, Soledad 22, Elvira 22, Ariadna 22, Candela 20, Matilde 20,
    Belén 20, Nieves 18, Paloma 18, Almudena 16, Macarena 14, Araceli 14, Berta 13, Vega 12, Trinidad 12,
    Felisa 10, Guadalupe 10, Ascensión 9, Maravillas 3, Triana 8, Adela 12, Rosalía 9, Petra 11, Paz 9,
    Leonor 10, Sagrario 6, Visitación 4, Iluminada 2, Covadonga 5, Zulema 2, Úrsula 3, María Jesús 110,
    María Cruz 28, María Soledad 24, María Nieves 22, María Josefa 60, María Mercedes 55, María Rosa 50,
    María Lourdes 22, María Esther 20, María Inmaculada 18, María Fernanda 8, María Eugenia 20,
    María Paz 18, Ana Cristina 9, Rosa Ana 6, Laura María 4, Marta María 3, Carmen María 16, Ángela María 6,
    Isabel María 24, Inés María 2, Lucía María 2
""")

MEN = Lottery("""
    Antonio 650, José 545, Manuel 540, Francisco 460, José Antonio 385, David 355, Juan 325, Javier 310,
    Daniel 305, José Luis 275, Francisco Javier 270, Carlos 265, Jesús 250, Alejandro 240, Miguel 230,
    Pedro 230, José Manuel 225, Rafael 220, Miguel Ángel 220, Pablo 215, Ángel 210, Sergio 205,
    José María 200, Fernando 200, Jorge 195, Luis 190, Alberto 180, Juan Carlos 155, Álvaro 150, Diego 150,
    Adrián 145, Juan José 140, Raúl 135, Juan Antonio 130, Iván 125, Enrique 125, Rubén 120, Óscar 115,
    Ramón 115, Vicente 110, Andrés 110, Juan Manuel 110, Mario 108, Joaquín 105, Santiago 105, Víctor 105,
    Eduardo 102, Roberto 98, Hugo 95, Jaime 92, Marcos 90, Francisco José 88, Ignacio 85, Ricardo 75,
    Gabriel 75, Alfonso 72, Guillermo 72, Salvador 70, Gonzalo 68, Martín 68, Emilio 65, Julián 65,
    Julio 63, José Miguel 62, Nicolás 60, Tomás 58, Samuel 58, Lucas 58, José Ramón 55, Ismael 52,
    Agustín 50, Félix 50, Héctor 50, Cristian 45, Juan Francisco 45, José Carlos 42, Sebastián 42, César 42,
    Aitor 42, Alfredo 40, Felipe 40, Mateo 40, José Ignacio 38, Domingo 38, Iker 30, Víctor Manuel 36,
    Luis Miguel 36, José Francisco 36, Rodrigo 35, Gregorio 34, Juan Luis 32, Mariano 32, Arturo 32,
    Lorenzo 30, Esteban 28, Cristóbal 28, Antonio José 28, Borja 28, Bruno 28, Eugenio 26, Leo 25,
    Germán 24, Darío 24, Izan 24, Eric 24, Juan Pablo 24, Valentín 22, Isaac 22, Pedro José 14, Jonathan 20,
    Benito 18, Bernardo 18, Carlos Alberto 16, Oliver 12, Fermín 10, Elías 14, Saúl 14, Gerardo 16, Abel 14,
    Marcelino 10, Fidel 8, Teodoro 5, Evaristo 3, Isidro 10, Leandro 8, Maximino 3, Nemesio 1, Raimundo 2,
    Amador 3, Blas 4, Braulio 1, Celestino 4, Demetrio 3, Eloy 9, Faustino 5, Gaspar 4, Higinio 2,
    Jacinto 7, Lázaro 3, Modesto 4, Narciso 3, José Javier 18, Juan Miguel 24, José Enrique 16,
    José Vicente 18, José Alberto 20, Luis Fernando 14, Juan Ramón 18, Manuel Jesús 10, Jesús María 18,
    Luis Alberto 14, Ángel Luis 14, Pedro Antonio 12, Juan Ignacio 12, Carlos Javier 7
""")

SURNAMES = Lottery("""
    García 1450, González 925, Rodríguez 925, Fernández 907, López 870, Martínez 833, Sánchez 816,
    Pérez 777, Gómez 493, Martín 487, Jiménez 399, Hernández 393, Ruiz 369, Díaz 343, Moreno 319, Muñoz 284,
    Álvarez 283, Romero 227, Gutiérrez 216, Alonso 200, Navarro 190, Torres 185, Domínguez 172, Ramos 158,
    Ramírez 150, Vázquez 148, Gil 143, Serrano 139, Morales 137, Molina 130, Blanco 128, Suárez 125,
    Castro 122, Ortega 121, Delgado 119, Ortiz 118, Marín 109, Rubio 108, Núñez 105, Medina 104, Sanz 101,
    Castillo 100, Iglesias 95, Cortés 93, Garrido 91, Santos 90, Guerrero 89, Lozano 86, Cano 84, Cruz 83,
    Méndez 82, Flores 81, Prieto 79, Herrera 78, Peña 77, León 76, Márquez 76, Cabrera 74, Gallego 73,
    Calvo 73, Vidal 72, Campos 70, Reyes 69, Vega 68, Fuentes 67, Carrasco 66, Díez 64, Aguilar 64,
    Caballero 63, Nieto 62, Santana 61, Vargas 60, Pascual 58, Giménez 58, Herrero 57, Hidalgo 56,
    Montero 56, Lorenzo 55, Santiago 54, Benítez 53, Durán 53, Ibáñez 53, Arias 52, Mora 51, Ferrer 51,
    Carmona 49, Vicente 48, Rojas 47, Soto 47, Crespo 47, Román 46, Pastor 46, Velasco 45, Parra 45,
    Sáez 44, Moya 44, Bravo 43, Rivera 43, Gallardo 42, Soler 42, Silva 41, Esteban 41, Franco 40, Rivas 39,
    Pardo 38, Lara 38, Merino 38, Espinosa 37, Camacho 37, Mendoza 37, Vera 36, Izquierdo 36, Arroyo 36,
    Casado 35, Sierra 35, Redondo 34, Luque 34, Rey 34, Montes 34, Carrillo 33, Galán 33, Otero 33,
    Segura 32, Heredia 32, Bernal 32, Marcos 31, Soriano 31, Robles 31, Palacios 31, Martí 31, Contreras 30,
    Vila 29, Valero 29, Macías 28, Pereira 28, Benito 28, Expósito 28, Andrés 27, Guerra 27, Bueno 27,
    Varela 27, Mateo 27, Miranda 26, Villar 26, Roldán 26, Mateos 25, Aguilera 25, Escudero 24, Menéndez 24,
    Salas 24, Rivero 24, Guillén 24, Plaza 23, Estévez 23, Casas 23, Aparicio 23, Acosta 23, Beltrán 23,
    Blasco 23, Rico 22, Gracia 22, Ávila 22, Calderón 22, Jurado 21, Zamora 21, Abad 21, Manzano 21,
    Roca 20, Salazar 20, Quintana 20, Bermúdez 20, Valverde 20, Conde 19, Tomás 19, Trujillo 19,
    Villanueva 19, Cuesta 18, Nicolás 18, Maldonado 18, Sancho 18, Barroso 17, Padilla 17, Cordero 17,
    Toledo 17, Rueda 17, Vallejo 16, Gálvez 16, Quesada 16, Naranjo 16, Pineda 15, Cuenca 15, Chacón 13,
    Yáñez 11, Zapata 10, Ñíguez 1, Güell 2, Llorente 14, Lloret 6, Llamas 9, Quirós 6, Huertas 9,
    Hurtado 15, Haro 7, Bustos 6, Vaquero 8, Baquero 3, Cervantes 5, Zaragoza 6, Cebrián 6, Jara 5,
    Giraldo 3, Yuste 6, Ayala 11, Cid 6, Paz 8, Gil de Biedma 0.2, de la Fuente 22, de la Cruz 20,
    de la Torre 18, del Río 17, de Miguel 8, de Pablo 6, de la Rosa 10, del Castillo 7, de los Santos 4,
    de la Iglesia 5, del Valle 6, de las Heras 5, del Pozo 4, de Castro 6, de la Peña 5, del Campo 4,
    de Dios 3, San Martín 6, San José 3, Santa María 3, Sanjuán 5, Ruiz de Alarcón 0.4,
    Fernández de Córdoba 0.8, Ponce de León 1.4, Álvarez de Toledo 0.5, López de Haro 0.4,
    Martínez de la Rosa 0.3, Sáenz de Tejada 0.4, Díaz de Mendoza 0.2, García de la Serna 0.2,
    Pérez de los Cobos 0.3, Cabeza de Vaca 0.6, Ladrón de Guevara 1.1, D'Ors 0.1, Ortega y Gasset 0.1
""")

CATALAN = Origin(
    women=Lottery("""
        Montserrat 60, Núria 52, Mercè 20, Laia 30, Mireia 22, Jordina 4, Meritxell 12, Neus 12, Roser 10,
        Assumpció 8, Anna 60, Maria Dolors 18, Maria Rosa 15, Marta 40, Júlia 25, Aina 14, Berta 12,
        Gemma 16, Àngels 10, Elisenda 5, Francesca 10, Concepció 9, Lluïsa 6, Remei 3, Carme 22,
        Maria Àngels 10, Ona 8, Txell 1, Cèlia 3, Queralt 3, Eulàlia 5, Imma 4
    """),
    men=Lottery("""
        Jordi 70, Josep 50, Joan 55, Marc 60, Xavier 33, Albert 32, Pol 20, Arnau 18, Oriol 18, Sergi 20,
        Pau 22, Ramon 20, Francesc 22, Josep Maria 24, Joan Carles 6, Jaume 22, Miquel 18, Lluís 18,
        Martí 10, Guillem 14, Àlex 16, Ferran 10, Carles 14, Enric 10, Ignasi 6, Quim 3, Roger 12, Biel 10,
        Jan 10, Narcís 4, Bartomeu 4, Llorenç 3, Nil 7, Eudald 2
    """),
    surnames=Lottery("""
        Vila 18, Soler 28, Serra 22, Puig 25, Roca 14, Font 15, Pujol 16, Ferrer 20, Martí 18, Vidal 20,
        Rovira 12, Bosch 12, Mas 12, Casals 5, Costa 12, Roig 12, Sala 11, Riera 10, Solé 12, Esteve 8,
        Vives 6, Coll 9, Oliver 9, Llopis 6, Valls 7, Gual 2, Camps 7, Batlle 5, Ribas 7, Carbonell 6,
        Castells 5, Miró 5, Planas 6, Puigdomènech 2, Amorós 5, Escrivà 2, Sabater 5, Codina 5, Mestre 4,
        Parés 3, Domènech 9, Giménez 8, Llull 2, Fàbregas 2, Gassó 1, Gispert 2, Grau 8, Lluch 4, Barceló 6,
        Bonet 7, Boix 4, Capdevila 5, Torrent 4, Ventura 4, Viñas 5, Llobet 3, Puigcerver 1, Rius 4, Ros 6,
        Simó 3
    """),
    own_names=0.45,
    own_surnames=0.5,
)

BASQUE = Origin(
    women=Lottery("""
        Ainhoa 12, Leire 14, Amaia 12, Miren 10, Itziar 10, Nerea 14, Maite 10, Arantxa 6, Ane 12,
        Maialen 6, Uxue 4, Garazi 4, Edurne 5, Idoia 6, Naroa 4, Olatz 4, Oihana 6, Ainara 7, June 4,
        Izaro 2, Lide 1, Josune 3, Nekane 4, Koro 2, Eguzkiñe 0.3, Miren Karmele 1, María Begoña 6,
        Haizea 3, Elixabete 1, Irati 6, Malen 2, Nahia 4, Arrate 2, Saioa 4, Zuriñe 2, Lorea 2
    """),
    men=Lottery("""
        Aitor 16, Iker 20, Unai 16, Mikel 16, Jon 18, Asier 10, Ander 14, Gorka 8, Xabier 9, Iñaki 9,
        Joseba 5, Koldo 4, Eneko 8, Iñigo 10, Julen 8, Beñat 4, Imanol 5, Markel 6, Oier 5, Jokin 3, Ibai 6,
        Aritz 4, Andoni 5, Patxi 3, Kepa 3, Peru 3, Jon Ander 3, Juan Mari 2, Txomin 1, Josu 5, Aimar 4,
        Oihan 4, Hodei 2, Zigor 2, Endika 1, Egoitz 1, Bittor 0.4
    """),
    surnames=Lottery("""
        Etxeberria 14, Echevarría 14, Aguirre 14, Agirre 8, Zabala 9, Goikoetxea 4, Goicoechea 5,
        Mendizábal 6, Ibarra 8, Arrieta 6, Urrutia 5, Larrañaga 6, Garmendia 6, Zubizarreta 3, Uriarte 7,
        Olabarria 2, Elorza 4, Azkue 1, Lasa 4, Otegi 3, Iturbe 4, Arana 6, Bilbao 8, Ugarte 6, Lizarraga 4,
        Aramburu 5, Irigoyen 3, Gorostiza 3, Izaguirre 4, Oyarzábal 3, Arregui 4, Arregi 3, Mendoza 6,
        Salazar 4, Vergara 5, Ochoa 6, Ochoa de Alda 1, Ortiz de Zárate 1.5, Díaz de Cerio 0.6,
        López de Lacalle 0.6, Sáenz de Buruaga 0.5, Fernández de Larrea 0.4, Landa 4, Basterretxea 2,
        Uribe 5, Zuazo 3, Beitia 3
    """),
    own_names=0.55,
    own_surnames=0.55,
)

GALICIAN = Origin(
    women=Lottery("""
        Sabela 4, Uxía 5, Noa 10, Iria 9, Antía 7, Lúa 3, Xiana 4, Carme 6, Dolores 12, María Xosé 4,
        Branca 1, Aldara 2, Icía 2, Sara 14, Maruxa 1, Rosalía 4, Mariña 2, Xoana 1, Catuxa 0.4, Nerea 8,
        Alba 12, Tareixa 0.4, Estrela 0.6, Olalla 2
    """),
    men=Lottery("""
        Xosé 6, Xoán 5, Anxo 6, Brais 8, Iago 9, Antón 7, Martiño 3, Xabier 6, Breixo 1, Uxío 1, Roi 4,
        Xurxo 3, Manuel 30, José Manuel 16, Nuno 1, Lois 2, Xosé Luís 2, Xosé Manuel 2, Telmo 2, Mauro 4,
        Xián 2, Bieito 0.6, Paio 0.4, Fiz 0.4
    """),
    surnames=Lottery("""
        Rodríguez 60, Fernández 45, González 45, López 45, Pérez 34, Vázquez 26, Otero 12, Castro 16,
        Varela 10, Rey 9, Lago 6, Iglesias 15, Souto 8, Pazos 6, Ferreiro 8, Seoane 5, Figueiras 2,
        Outeiral 1, Carballo 6, Castiñeira 3, Veiga 5, Fontán 3, Loureiro 4, Rial 4, Couto 5, Bouza 4,
        Neira 3, Novoa 5, Feijoo 4, Freire 5, Fraga 4, Paz 5, Porto 4, Piñeiro 7, Lema 4, Vilariño 3,
        Ramallo 2, Mosquera 4, Pombo 2, Graña 3, Mariño 3, Senra 2, Touriño 2, Vieites 3, Caamaño 2,
        Bugallo 2, Cid 3
    """),
    own_names=0.35,
    own_surnames=0.6,
)

CASTILIAN = Origin(WOMEN, MEN, SURNAMES, own_names=1, own_surnames=0.55)

LATIN_AMERICAN = Origin(
    women=Lottery("""
        Yesenia 4, Luz Marina 4, Gladys 4, Leidy 3, Paola 6, Valentina 6, Jennifer 5, Katherine 4,
        Milagros 4, Flor de María 2, Nataly 3, Yolanda 4, Rosa Elena 3, Luz Dary 2, Maribel 4, Daniela 6,
        Gabriela 6, Ximena 3, Wendy 3, Yuliana 2, Marisol 3
    """),
    men=Lottery("""
        Wilson 5, Edison 4, Jhon 4, Jefferson 3, Luis Alberto 4, Carlos Andrés 4, Segundo 2, Freddy 4,
        Wilmer 4, Juan Pablo 4, Andrés Felipe 4, Brayan 4, Kevin 5, Edwin 4, José Gregorio 3, Walter 4,
        Hernán 3, Fabián 3, Rolando 3, Nelson 4, Stalin 1
    """),
    surnames=Lottery("""
        Quispe 8, Mamani 6, Rojas 10, Vargas 10, Zambrano 5, Mendoza 8, Cedeño 4, Loor 3, Guamán 3,
        Chávez 6, Castillo 8, Ospina 3, Restrepo 3, Cárdenas 5, Zapata 4, Condori 3, Choque 3, Huamán 3,
        Rivas 4, Colmenares 2, Villalba 3, Benítez 4, Ayala 4, Peralta 3, Urdaneta 1, Bustamante 3,
        Arévalo 2, Cuéllar 2, Montaño 2, Valencia 5, Quiñónez 2, Yupanqui 1, Ñahui 0.4
    """),
    own_names=0.5,
    own_surnames=0.45,
    abroad=True,
)

MAGHREBI = Origin(
    women=Lottery("""
        Fatima 20, Fatima Zahra 6, Khadija 10, Malika 5, Naima 6, Aicha 7, Samira 6, Hafida 3, Nadia 6,
        Salma 6, Imane 6, Yasmina 4, Rachida 5, Zineb 4, Hanane 5, Karima 5, Latifa 4, Houda 2, Ikram 3,
        Amina 5, Chaimae 3, Siham 3
    """),
    men=Lottery("""
        Mohamed 60, Ahmed 18, Youssef 12, Said 9, Hassan 9, Rachid 8, Mustapha 7, Abdelkader 5, Omar 8,
        Karim 5, Hamza 6, Ayoub 5, Abdellah 5, Driss 3, Khalid 5, Ismail 4, Brahim 5, El Mehdi 1, Ilyas 4,
        Jamal 4, Aziz 3, Noureddine 3
    """),
    surnames=Lottery("""
        El Amrani 5, Benali 5, El Idrissi 5, Alaoui 5, Bouzid 3, Ouali 3, El Khattabi 3, Chakir 3, Saidi 4,
        Haddad 3, Ben Youssef 2, El Mansouri 4, Amar 3, Benhaddou 2, Tahiri 3, Ziani 3, El Ouahabi 2,
        Mohamed 5, Abdeslam 2, Boujemaa 1, Lahrech 1, El Yaagoubi 2, Hamdaoui 2, Berrada 2, Kaddouri 2,
        Azzouzi 2, Belhaj 2, Chentouf 1, Daoudi 2, Ezzahri 1
    """),
    own_names=1,
    own_surnames=0.95,
    two_surnames=False,
    abroad=True,
)

EUROPEAN = Origin(
    women=Lottery("""
        Mihaela 8, Elena 10, Ioana 6, Andreea 6, Susan 5, Margaret 4, Christine 4, Giulia 5, Francesca 4,
        Sophie 4, Oksana 5, Nataliia 5, Olena 5, Petra 3, Sabine 3, Ulrike 2, Zofia 2, Agnieszka 3,
        Ana Cláudia 2, Élodie 2, Siân 1, Bjørg 0.5, Anneliese 1
    """),
    men=Lottery("""
        Ionuț 6, Gheorghe 5, Vasile 5, Florin 5, John 6, Michael 6, David 5, Paul 5, Marco 5, Giuseppe 4,
        Luca 4, Klaus 3, Jürgen 3, Piotr 3, Łukasz 2, Volodymyr 4, Serhii 4, François 3, João 4, Søren 1,
        Håkon 0.5, Seán 1, Björn 1, Ștefan 3, Dimitar 3
    """),
    surnames=Lottery("""
        Popescu 6, Ionescu 5, Popa 6, Radu 4, Dumitru 4, Stoica 3, Smith 6, Jones 5, Taylor 4, O'Connor 2,
        O'Brien 2, McDonald 2, Rossi 4, Bianchi 3, Esposito 3, De Luca 2, Müller 4, Schmidt 3, Weiß 1,
        Dubois 2, Lefèvre 1, Kowalski 2, Wiśniewska 1, Shevchenko 4, Kovalenko 3, Bondarenko 3, Ivanova 3,
        Petrov 3, Silva 4, Pereira 4, Gonçalves 3, van der Berg 1, Åkesson 0.5, Jørgensen 0.5, Constantin 3,
        Munteanu 3, Țurcanu 1, D'Angelo 1, Saint-Exupéry 0.1, Smith-Jones 0.4, Brown 3, Wilson 3
    """),
    own_names=1,
    own_surnames=0.95,
    two_surnames=False,
    abroad=True,
)

ASIAN = Origin(
    women=Lottery(
        "Xiuying 4, Wei 4, Li 4, Mei 4, Fang 3, Ling 3, Yan 4, Ayesha 3, Sana 2, Jing 3, Hui 2, Priya 2"
    ),
    men=Lottery(
        "Wei 5, Jun 4, Xiaoming 2, Lei 3, Hao 3, Muhammad 8, Ali 5, Imran 3, Qiang 2, Yong 3, Asif 2"
    ),
    surnames=Lottery("""
        Chen 12, Wang 9, Zhang 8, Lin 7, Li 8, Zhou 6, Wu 6, Ye 5, Hu 4, Xu 5, Zheng 5, Ji 2, Khan 6,
        Ahmed 5, Hussain 4, Singh 5, Iqbal 2, Malik 2, Kaur 3, Begum 2, Xia 2, Jin 3, Liu 5, Huang 4, Zhu 4,
        Bibi 2
    """),
    own_names=1,
    own_surnames=0.97,
    two_surnames=False,
    abroad=True,
)

ORIGINS: Sequence[tuple[Origin, float]] = (
    (CASTILIAN, 62.0),
    (CATALAN, 13.0),
    (BASQUE, 5.0),
    (GALICIAN, 6.0),
    (LATIN_AMERICAN, 6.5),
    (MAGHREBI, 3.0),
    (EUROPEAN, 3.2),
    (ASIAN, 1.3),
)

# The tail. Beside its few hundred frequent surnames Spain has tens of thousands that a few hundred people
# bear each. They are composed here: mostly places, as the real ones are, from what such names begin, go on
# and end with. A step through all compositions by a number that has no divisor in common with theirs mixes
# them.
_RARE = 60_000
_STEP = 1_299_709
_FLAT = 300.0
_UNSPEAKABLE = re.compile(r"(.)\1\1|[^aeiou](rr|ll)", re.IGNORECASE)

_PIECES = (
    (
        "Alba Alcor Alme Ara Bal Bar Bel Ber Bor Bus Cal Cam Cantal Car Casta Cer Cor Cue Cha Del Espi"
        " Fuen Gal Gar Gra Gua Her Hor Hue Jar Lan Lar Ler Lu Mal Mar Mata Mayor Mon Mor Mur Nava Nor"
        " Ol Or Pal Par Peña Pera Pie Pue Que Ra Re Ro Sal San Se Ser So Ta Te Tor Tu Ur Va Val Vaque"
        " Ve Vi Villa Ye Za",
        " ba be ca co da de ga gue la le li lla lle ma me mo na ne ni ña pa que ra re rra rre rri sa se"
        " ta te va ve za",
        "bal bar cedo ces co da dera do dor gal gas jas jo lejo les llo lles lobos lva lvo mar món"
        " nares nas nedo nes no nte nza ño ños quez rales ranco ras rcos res rro rta rte rzal sco sillo"
        " so tal tero tes to vas ves yo zo zón zuelo zar",
    ),
    (
        "Aba Agi Albi Alda Ama Ande Aran Arri Arte Aspi Azka Bela Beni Berri Bida Bola Egi Eliza Etxe"
        " Erro Gabi Gara Goi Goiko Gorri Ibar Iri Itur Ira Iza Lapa Larra Lizar Mendi Mugi Oia Ola Oro"
        " Orma Osta Sala Saga Sora Uga Uri Urru Zaba Zubi Zuga Zumal",
        " ga rre rra tza be bi ko le ne ri rte sa ta za",
        "barria berri beitia buru dia eta gain garai goiti goitia goien iaga ondo rena rreta tegi txea"
        " zabal zaga zarra alde arana",
    ),
    (
        "Puig Mas Font Vila Coll Serra Mont Roca Prat Cas Bosc Pla Riu Torre Comes Camp Sala Bell Pals"
        " Cod Gual Mir Pere Rib Ros Sol Verd Vall Vent",
        " a al all an ar de del el en er es i o",
        "bert dell dellívol dons fort gall llach llobet mir monell nou oliu radell riu rós segur tells"
        " tosa vert vinyes zell",
    ),
    (
        "Abelle Barre Bou Caa Carba Casta Cou Ferrei Fon Freixe Gando Lage Lou Mou Nogue Outei Pazo"
        " Pena Pica Quin Rego Riba Sei Sou Toure Vei Vila Xoa",
        " l ld n nd r st x z",
        "al ás án eira eiro eiros elle ido ín inde iños oa oi oso uxe",
    ),
)


@cache
def rare_surnames() -> Sequence[str]:
    """The tail, its more frequent ones first; the same at every call of every run."""
    composed = list(dict.fromkeys(_compositions()))
    if math.gcd(len(composed), _STEP) != 1:
        raise ValueError("the step would leave out surnames")
    return [composed[rank * _STEP % len(composed)] for rank in range(_RARE)]


def rare_surname(random: Random) -> str:
    """A surname of the tail: the one of rank r is drawn in proportion to 1 / (r + 300), Zipf's law for what
    is left when the frequent ones are taken away."""
    rank = _FLAT * ((_RARE + _FLAT) / _FLAT) ** random.random() - _FLAT
    return rare_surnames()[min(int(rank), _RARE - 1)]


def _compositions() -> Iterator[str]:
    for pieces in _PIECES:
        for parts in product(*(part.split(" ") for part in pieces)):
            surname = "".join(parts)
            if not _UNSPEAKABLE.search(surname):
                yield surname
